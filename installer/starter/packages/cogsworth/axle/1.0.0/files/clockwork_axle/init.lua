-- A steel rod that everything turns on. Part 1 of 10.

minetest.register_craftitem("clockwork_axle:axle", {
	description = "Axle",
	inventory_image = "clockwork_axle.png",
	groups = { clockwork = 1 },
})

minetest.register_craft({
	output = "clockwork_axle:axle",
	recipe = { { "default:steel_ingot" }, { "default:steel_ingot" } },
})

minetest.log("action", "[clockwork_axle] part 1 of 10")
