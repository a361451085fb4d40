-- A festival begins at dusk for every player who stands among enough lamps.

local LAMPS_NEEDED = 5
local RADIUS = 16
local DUSK = 0.78

minetest.register_node("harbour_festival:garland", {
	description = "Garland",
	drawtype = "signlike",
	tiles = { "harbour_festival_garland.png" },
	inventory_image = "harbour_festival_garland.png",
	paramtype = "light",
	paramtype2 = "wallmounted",
	sunlight_propagates = true,
	walkable = false,
	light_source = 4,
	selection_box = { type = "wallmounted" },
	groups = { snappy = 3, attached_node = 1, flammable = 2 },
	sounds = default.node_sound_leaves_defaults(),
})

minetest.register_craft({
	output = "harbour_festival:garland 3",
	recipe = {
		{ "group:leaves", "glow_lanterns:amber", "group:leaves" },
	},
})

local function begin_for(player)
	local pos = player:get_pos()
	local lamps = lamplib.count_around(pos, RADIUS)
	if lamps < LAMPS_NEEDED then
		return
	end
	local words = "The harbour festival begins under " .. lamps .. " lamps."
	if minetest.get_modpath("tides") then
		words = words .. " The tide is " .. tides.word() .. "."
	end
	minetest.chat_send_player(player:get_player_name(), words)
	harbour_bells.ring(pos, 3)
end

local was_before_dusk = false

local function look_at_the_sky()
	local before_dusk = minetest.get_timeofday() < DUSK
	if was_before_dusk and not before_dusk then
		for _, player in ipairs(minetest.get_connected_players()) do
			begin_for(player)
		end
	end
	was_before_dusk = before_dusk
	minetest.after(2, look_at_the_sky)
end

minetest.after(2, look_at_the_sky)
minetest.log("action", "[harbour_festival] waiting for dusk")
