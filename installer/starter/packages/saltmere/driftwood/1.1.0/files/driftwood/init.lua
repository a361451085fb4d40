-- The sea leaves wood on sand beside water; it can be collected, burnt and built with.

local LOG, PLANKS = "driftwood:log", "driftwood:planks"

minetest.register_node(LOG, {
	description = "Driftwood",
	drawtype = "nodebox",
	node_box = { type = "fixed", fixed = { { -0.5, -0.5, -0.1875, 0.5, -0.1875, 0.125 }, { 0, -0.5, 0.0625, 0.25, -0.3125, 0.4375 } } },
	tiles = { "driftwood_log.png" },
	paramtype = "light",
	paramtype2 = "facedir",
	groups = { choppy = 3, oddly_breakable_by_hand = 2, flammable = 2 },
	sounds = default.node_sound_wood_defaults(),
})

minetest.register_node(PLANKS, {
	description = "Driftwood Planks",
	tiles = { "driftwood_planks.png" },
	groups = { choppy = 3, oddly_breakable_by_hand = 2, flammable = 2, wood = 1 },
	sounds = default.node_sound_wood_defaults(),
})

minetest.register_craft({ output = PLANKS .. " 2", recipe = { { LOG, LOG }, { LOG, LOG } } })
minetest.register_craft({ type = "fuel", recipe = LOG, burntime = 12 })

minetest.register_abm({
	label = "The sea leaves driftwood",
	nodenames = { "default:sand" },
	neighbors = { "default:water_source" },
	interval = 60,
	chance = 400,
	catch_up = false,
	action = function(pos)
		if minetest.get_modpath("tides") and tides.word() ~= "high" then
			return
		end
		local above = { x = pos.x, y = pos.y + 1, z = pos.z }
		if minetest.get_node(above).name == "air" and not minetest.find_node_near(pos, 6, LOG) then
			minetest.set_node(above, { name = LOG, param2 = math.random(0, 3) })
		end
	end,
})

minetest.log("action", "[driftwood] the sea will bring wood")
